"""Say what is wrong with a network, in a record an operator can act on.

ModelError
├── ModelMissingError        model_missing        not installed
├── ModelCorruptError        model_corrupt        its bytes are not those that were installed
├── ModelUnloadableError     model_unloadable     onnxruntime refuses it
├── WheelUnavailableError    wheel_unavailable    the package index could not give the wheel
├── WheelRefusedError        wheel_refused        a wheel, but not the pinned one
├── UnsupportedOperatorError unsupported_operator the converter does not know this operator
├── UnreadableNetworkError   unreadable_network   not a TFLite file the converter can read
├── UnknownEngineError       unknown_engine       no engine of this name
├── EngineNotLocalError      engine_not_local     would send the photo to a third party
├── EngineUnsuitableError    engine_unsuitable    local, but cannot give one mask from one picture
├── LicenceNotAcceptedError  licence_not_accepted its licence has conditions that nobody here has accepted
├── MirrorUnusableError      mirror_unusable      IDPHOTO_MODELS_MIRROR is no address of a mirror
├── DownloadFailedError      download_failed      the server could not be reached, or has not got the file
├── DownloadRefusedError     download_refused     a file, but not the one that was asked for
├── DiskFullError            disk_full            no room for the file
└── InstallBusyError         install_busy         another process is installing the same file
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


class ModelMissingError(ModelError):
    code = "model_missing"


class ModelCorruptError(ModelError):
    code = "model_corrupt"


class ModelUnloadableError(ModelError):
    code = "model_unloadable"


class WheelUnavailableError(ModelError):
    code = "wheel_unavailable"


class WheelRefusedError(ModelError):
    code = "wheel_refused"


class UnsupportedOperatorError(ModelError):
    code = "unsupported_operator"


class UnreadableNetworkError(ModelError):
    code = "unreadable_network"


class UnknownEngineError(ModelError):
    code = "unknown_engine"


class EngineNotLocalError(ModelError):
    code = "engine_not_local"


class EngineUnsuitableError(ModelError):
    code = "engine_unsuitable"


class LicenceNotAcceptedError(ModelError):
    code = "licence_not_accepted"


class MirrorUnusableError(ModelError):
    code = "mirror_unusable"


class DownloadFailedError(ModelError):
    code = "download_failed"


class DownloadRefusedError(ModelError):
    code = "download_refused"


class DiskFullError(ModelError):
    code = "disk_full"


class InstallBusyError(ModelError):
    code = "install_busy"
