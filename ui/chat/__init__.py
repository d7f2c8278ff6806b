"""Canales Chat on the screen: the conversation of a channel, its server, and what is brought in."""
