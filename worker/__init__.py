"""The second door into the house: what happens without anyone asking. Renders, delivers, sweeps, purges."""
