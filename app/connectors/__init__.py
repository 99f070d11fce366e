"""What speaks to others over the network; the only users of httpx in the service."""
