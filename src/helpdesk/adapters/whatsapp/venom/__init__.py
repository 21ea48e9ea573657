"""The bridge that holds WhatsApp Web in a Chromium, with venom-bot; unofficial."""
