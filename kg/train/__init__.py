"""Training of the model that kg.extract.learned runs; needs the extra [train]."""
