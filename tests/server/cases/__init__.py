"""Small cases of the protocols, in tables: what is sent, byte for byte, and what must come back."""
