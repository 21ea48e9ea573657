"""The bridge to the simulated network; nothing of it reaches WhatsApp."""
