"""The routes, one noun a file. A route reads the request, calls one service, and shapes the answer."""
