"""Acts on campaigns."""
