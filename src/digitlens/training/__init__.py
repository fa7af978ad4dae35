"""From public data to the weights that serve. The only room, with `model/architecture.py`, that loads TensorFlow."""
