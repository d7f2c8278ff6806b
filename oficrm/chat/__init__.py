"""Canales Chat: conversations kept beside the records they are about; from Rocket.Chat, its exports, or by hand."""
