"""What `idphoto make`, `sheet`, `check` and `specs` do around the pipeline: orders, files, progress, reports."""
