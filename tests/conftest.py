"""Makes the modules beside this file (`web_world`) importable for every test below."""
