"""The network: its architecture (Keras), its weights as served (LiteRT), and its calibration."""
