"""A small school registry that receives our events: what `idphoto up` and `idphoto demo` deliver to.

It shares no code with the sender: it checks signatures with the official Standard Webhooks library and knows the
payload only from docs/registry.md, as a school's engineer would.
"""
