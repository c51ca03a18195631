"""What `idphoto make --explain` draws with: fonts, lines over the selfie, the column of words beside it."""
