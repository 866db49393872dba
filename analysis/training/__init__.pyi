from .fashion_mnist import load_fashion_mnist as load_fashion_mnist
from .finishing import finish as finish
from .train import Training as Training
from .train import TrainingSettings as TrainingSettings
from .unet import UNet as UNet

__all__ = [
    "finish",
    "load_fashion_mnist",
    "Training",
    "TrainingSettings",
    "UNet",
]
