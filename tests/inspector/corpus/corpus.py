"""All cases of the corpus."""

import corpus_arguments
import corpus_backbones
import corpus_joins
import corpus_more
import corpus_outputs
import corpus_ranks
import corpus_scripts
import corpus_small

CASES = [
    *corpus_joins.CASES,
    *corpus_small.CASES,
    *corpus_ranks.CASES,
    *corpus_arguments.CASES,
    *corpus_outputs.CASES,
    *corpus_more.CASES,
    *corpus_scripts.CASES,
    *corpus_backbones.CASES,
]
