"""Reading, searching and showing the spec files: what stands behind `photo_service.specs`."""
