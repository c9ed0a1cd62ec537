"""Deploys to real stores: SeaweedFS, rclone, moto, and hosts in front of them."""
