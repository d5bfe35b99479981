"""Letters by what they mean, in whatever language: vectors, their index, nearest letters."""
