"""WeChat's server, behind the ports `WeChat` and `PushDoor`."""
