// What `--help` says.

import { flush, say, sayTo } from "./text";
import { STDOUT } from "./system";

/** Says how the command is used, on standard output. */
export function help(): void {
  sayTo(STDOUT);
  say(`Usage: crystallite.wasm [options] [input]

Finds the regions of a 4D-STEM scan whose neighbouring patterns are alike, and
averages the patterns of each: crystallite cluster --exact --bad-pixels none, in
one thread, with the same bytes.

Arguments:
  input                    a .npy file (row, column, qy, qx) in a folder that the
                           sandbox gives; - is standard input (default: -)

Options:
  --out <DIR>              folder to write, which must not be there yet; without
                           it the arrays are written to standard output, one
                           .npy after the other
  --arrays <LIST>          arrays to write, of labels, averages, mean_similarity,
                           similarity, mask, forest_probes, forest_similarity;
                           always in this order (default: all)
  --preset <NAME>          py4dstem: centered, minimum size 1, border width 2,
                           missing neighbours -1; other options override it
  --metric <NAME>          how patterns are compared: cosine, centered or pearson
                           (default: cosine)
  --threshold <T>          join neighbours at least this similar: -1 to 1; auto
                           chooses by what the sizes of the clusters tell; qX is
                           the quantile X (0 to 1) of the similarities (required)
  --min-size <N>           drop clusters of fewer probe positions (default: 4)
  --blur <SIGMA>           Gaussian blur before comparing, 0 to 100 detector
                           pixels (default: 0)
  --q-mask <MASK>          detector pixels to compare, radii in pixels about the
                           q centre: none, disk:R, annulus:R1,R2, outside:R, or a
                           .npy file with nonzero = keep (default: none)
  --q-center <Y,X>         direct beam in detector pixels, about which masks are
                           drawn (default: the centre of the detector)
  --mask <MASK>            probes to cluster: none, triangle (mean similarity
                           above its triangle threshold), a number the mean
                           similarity must exceed, or a .npy file with nonzero =
                           keep (default: none)
  --average <DATA>         patterns that are averaged per cluster: raw or none
                           (default: raw)
  --border-width <N>       probe positions this close to the scan's border seed
                           clusters but never join one (default: 0)
  --missing-neighbour <S>  similarity, -1 to 1, that neighbours outside the scan
                           count as in the mean similarity; none leaves them out
                           (default: none)
  --scan-shape <RxC>       rows and columns of the scan, for a stack of patterns
  --bad-pixels <WHICH>     none: all detector pixels are believed (default: none)
  --exact                  every similarity from all detector pixels, as always
  --memory <SIZE>          memory to stay within, such as 512M or 2G (default: 1G)
  --quiet                  say no progress
  --help                   print this help

Exit codes: 0 done, 1 failed, 2 wrong usage.
`);
  flush();
}
