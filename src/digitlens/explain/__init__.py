"""How the networks came to an answer: the steps of a picture, feature maps, evidence, doubts."""
