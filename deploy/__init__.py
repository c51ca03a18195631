"""What it takes to run the house: migrations, the sample registry."""
