// The kernels of crystallite: flat buffers in, flat buffers out. No allocation, no state, no clock, no randomness.
// Pointers are byte addresses in the one shared memory; the caller owns every buffer.

export { accumulateF32, accumulateStagedU16, accumulateStagedU8, accumulateU16, accumulateU8 } from "./accumulate";
export { accumulateShiftedF32, accumulateShiftedU16, accumulateShiftedU8 } from "./shift";
export { beamsF32, beamsU16, beamsU8 } from "./beam";
export { friedelF32, friedelU16, friedelU8 } from "./friedel";
export { binPatternsF32, binPatternsF64, binPatternsU16, binPatternsU8 } from "./rebin";
export { blur } from "./blur";
export { blankF32, blankU16, blankU8, maximaF32, maximaU16, maximaU8, zeroUnfiniteF32 } from "./checks";
export { fillF32, fillU16, fillU8 } from "./fill";
export { featuresF32, featuresU16, featuresU8, maskPatterns } from "./features";
export { centredF32, lessMeans, meansF32, meansU16, meansU8 } from "./centred";
export { correlate, correlationWeights } from "./correlate";
export { filterF32, filterListF32, filterListU16, filterListU8, filterU16, filterU8 } from "./filter";
export { filterTerms } from "./terms";
export { nodesF32, nodesU16, nodesU8 } from "./nodes";
export { weightedF32, weightedU16, weightedU8 } from "./prefilter";
export { maskedF32, maskedU16, maskedU8 } from "./masked";
export { sampledF32, sampledU16, sampledU8 } from "./sampled";
export { similarityF32, similarityKnownU16, similarityU16, similarityU8, similarityWideU16 } from "./similarity";
export { binnedF32, binnedU16, binnedU8 } from "./binned";
export { sketchAdjoint, sketchF32, sketchU16, sketchU8 } from "./sketch";
export { placeDisksF32, placeDisksU16, placeDisksU8 } from "./disks";
export { pairsF32, pairsU16, pairsU8, pairsWideU16 } from "./pairs";
export { peaksF32, peaksU16, peaksU8 } from "./peaks";
export { latticesF32, latticesU16, latticesU8 } from "./lattices";
export { linkRegions } from "./linkage";
export { matchPatterns, scoreZones } from "./match";
export { virtualF32, virtualU16, virtualU8 } from "./virtual";
export { wholeF32, wholeU16, wholeU8 } from "./whole";
export { unpackBitshuffleLz4 } from "./bitshuffle";
export { packBlosc, packHdf5 } from "./pack";
export { joinBits, joinBytes, placeTile, unpackLz4 } from "./chunks";
export { unpackZstandard } from "./zstandard";
export { arrangeFrames } from "./frames";
export { widenFrames } from "./widen";
export { unpackWords } from "./packed";
export { turnNumbers } from "./turn";
