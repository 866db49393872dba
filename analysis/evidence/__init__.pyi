from .arm import Arm as Arm
from .arm import BiasedBits as BiasedBits
from .arm import BitOrigin as BitOrigin
from .arm import FileBits as FileBits
from .cell import Cell as Cell
from .cell import CellJob as CellJob
from .cell import make_cell as make_cell
from .comparison import Cells as Cells
from .comparison import Comparison as Comparison
from .direct_distance import DirectDistance as DirectDistance
from .direct_distance import distance_table as distance_table
from .equivalence import MeanDifference as MeanDifference
from .equivalence import equivalence_power as equivalence_power
from .equivalence import least_margin as least_margin
from .equivalence import seeds_needed as seeds_needed
from .evidence_report import write_evidence_report as write_evidence_report
from .findings import Evidence as Evidence
from .image_set import ImageScores as ImageScores
from .image_set import ImageSet as ImageSet
from .image_set import RealImages as RealImages
from .inception import InceptionFeatures as InceptionFeatures
from .inception_scores import inception_distances as inception_distances
from .kernel_moments import KernelMoments as KernelMoments
from .pilot import Pilot as Pilot
from .pilot import refuse_margin as refuse_margin
from .precision_recall import ball_radii as ball_radii
from .precision_recall import share_inside as share_inside
from .settings import FEWEST_IMAGES as FEWEST_IMAGES
from .settings import FEWEST_SEEDS as FEWEST_SEEDS
from .settings import Settings as Settings
from .verdict import Answer as Answer
from .verdict import Verdict as Verdict

__all__ = [
    "Answer",
    "Arm",
    "ball_radii",
    "BiasedBits",
    "BitOrigin",
    "Cell",
    "CellJob",
    "Cells",
    "Comparison",
    "DirectDistance",
    "distance_table",
    "equivalence_power",
    "Evidence",
    "FEWEST_IMAGES",
    "FEWEST_SEEDS",
    "FileBits",
    "ImageScores",
    "ImageSet",
    "inception_distances",
    "InceptionFeatures",
    "KernelMoments",
    "least_margin",
    "make_cell",
    "MeanDifference",
    "Pilot",
    "RealImages",
    "refuse_margin",
    "seeds_needed",
    "Settings",
    "share_inside",
    "Verdict",
    "write_evidence_report",
]
