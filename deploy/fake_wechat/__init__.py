"""A stand-in for WeChat's server, stricter than WeChat: what Tencent's document does not allow is refused, and quoted.

For tests and `idphoto up --fake-wechat`. It knows nothing of the product and shares no code with it.
"""
