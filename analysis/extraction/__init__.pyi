from .conditioned_bits import (conditioned as conditioned, pieces as pieces, stretch as stretch)
from .conditioned_recording import (Lineage as Lineage, RAW_BITS as RAW_BITS, file_sha256 as file_sha256, is_conditioned as is_conditioned, raw_bits_of as raw_bits_of, write_conditioned as write_conditioned)
from .exclusive_or import (bias_and_correlation as bias_and_correlation, excess_after_xor as excess_after_xor, xor_at_distance as xor_at_distance, xor_distance as xor_distance, xor_streams as xor_streams)
from .extractor import (EXTRACTORS as EXTRACTORS, Extractor as Extractor)
from .iterated_pairs import (PERES as PERES, peres as peres)
from .pairs_of_a_state import (StatePairs as StatePairs, von_neumann as von_neumann, von_neumann_packed as von_neumann_packed)
from .pairs_of_bits import (von_neumann_pairs as von_neumann_pairs, von_neumann_pairs_packed as von_neumann_pairs_packed)
from .sha256_conditioning import (Sha256Conditioning as Sha256Conditioning, output_entropy as output_entropy)
from .toeplitz_hash import (Toeplitz as Toeplitz, toeplitz_length as toeplitz_length)

__all__ = ["bias_and_correlation", "conditioned", "excess_after_xor", "Extractor", "EXTRACTORS", "file_sha256", "is_conditioned", "Lineage", "output_entropy", "PERES", "peres", "pieces", "RAW_BITS", "raw_bits_of", "Sha256Conditioning", "StatePairs", "stretch", "Toeplitz", "toeplitz_length", "von_neumann", "von_neumann_packed", "von_neumann_pairs", "von_neumann_pairs_packed", "write_conditioned", "xor_at_distance", "xor_distance", "xor_streams",]
