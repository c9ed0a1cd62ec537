"""The token broker: releases content keys of sealed payloads to those whom the policy allows."""
