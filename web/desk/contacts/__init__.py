"""The directory of persons and organisations."""
