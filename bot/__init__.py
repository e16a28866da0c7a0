"""The Rasa project: understands and talks, remembers nothing, imports nothing of ours."""
