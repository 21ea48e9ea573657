"""Recognising files, and converting them with PyAV and Pillow in processes of their own."""
