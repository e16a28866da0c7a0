"""What Rasa's pipeline is made of, in the order in which config.yml names it."""
