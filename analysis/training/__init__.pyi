from .export import export_checkpoint as export_checkpoint
from .finishing import finish as finish
from .image_files import load_images as load_images
from .preview import write_preview as write_preview
from .train import Training as Training
from .training_images import TrainingImages as TrainingImages
from .training_settings import TrainingSettings as TrainingSettings
from .unet import UNet as UNet

__all__ = [
    "export_checkpoint",
    "finish",
    "load_images",
    "Training",
    "TrainingImages",
    "TrainingSettings",
    "UNet",
    "write_preview",
]
