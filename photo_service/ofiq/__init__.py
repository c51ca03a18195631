"""OFIQ's quality measures (ISO/IEC 29794-5): all raw-to-score mappings, and what needs no network of its own."""
