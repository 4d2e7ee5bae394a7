"""Linking by services that are asked over the network: only where it is asked for."""
