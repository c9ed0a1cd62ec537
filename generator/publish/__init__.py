"""Publishing: the only place that writes a site, and the headers that it is served with."""
