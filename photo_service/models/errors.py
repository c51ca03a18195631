"""Say what is wrong with a network, in a record an operator can act on.

    ModelError
    ├── ModelMissing            model_missing            not installed
    ├── ModelCorrupt            model_corrupt            its bytes are not those that were installed
    ├── ModelUnloadable         model_unloadable         onnxruntime refuses it
    ├── WheelUnavailable        wheel_unavailable        the package index could not give the wheel
    ├── WheelRefused            wheel_refused            a wheel, but not the pinned one
    ├── UnsupportedOperator     unsupported_operator     the converter does not know this operator
    ├── UnreadableNetwork       unreadable_network       not a TFLite file the converter can read
    ├── UnknownEngine           unknown_engine           no engine of this name
    ├── EngineNotLocal          engine_not_local         would send the photo to a third party
    └── EngineUnsuitable        engine_unsuitable        local, but cannot give one mask from one picture
"""


class ModelError(Exception):
    """Something about a network that an operator must see to.

    `code` is stable and meant for machines; `message` says what is wrong and `advice` what to do,
    both in English, for operators: students never see them.
    """

    code = "model_error"

    def __init__(self, message: str, *, advice: str) -> None:
        super().__init__(f"{message}. {advice}")
        self.message = message
        self.advice = advice


class ModelMissing(ModelError):
    code = "model_missing"


class ModelCorrupt(ModelError):
    code = "model_corrupt"


class ModelUnloadable(ModelError):
    code = "model_unloadable"


class WheelUnavailable(ModelError):
    code = "wheel_unavailable"


class WheelRefused(ModelError):
    code = "wheel_refused"


class UnsupportedOperator(ModelError):
    code = "unsupported_operator"


class UnreadableNetwork(ModelError):
    code = "unreadable_network"


class UnknownEngine(ModelError):
    code = "unknown_engine"


class EngineNotLocal(ModelError):
    code = "engine_not_local"


class EngineUnsuitable(ModelError):
    code = "engine_unsuitable"
