"""What keeps the house: picture of the imports, documentation site, licences."""
