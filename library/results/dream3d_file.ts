/**
 * Orientation maps in the native HDF5 layout of DREAM.3D 6, file version 7.0: an image geometry with what each cell and
 * each phase has (DREAM.3D user manual, "Native DREAM.3D File Format", "DREAM.3D Data Structure" and "Supported Crystal
 * Structures").
 */

import type { LaueClass } from "../crystal/point_group.ts";
import { type Matrix3, multiply } from "../crystal/matrix.ts";
import type { Hdf5Values } from "../formats/hdf5/stored_values.ts";
import { encodeHdf5, Hdf5Group, type Hdf5Leaf, type Hdf5Tree } from "../formats/hdf5/tree_writer.ts";
import { eulerAngles } from "../mapping/euler.ts";
import { type ExchangeMap, micrometres } from "./exchange_map.ts";
import { plain } from "./orientation_content.ts";

/** Axes of the image geometry – along its columns, down its rows, away from the source – in those of the detector. */
const toGeometry: Matrix3 = [0, 1, 0, 1, 0, 0, 0, 0, -1];
/** Kinds of attribute matrices, and of geometries. */
const cellMatrix = 3, ensembleMatrix = 11, imageGeometry = 0;
/** Numbers of crystal structures by Laue class; 999 is unknown. */
const structures: Readonly<Record<LaueClass, number>> = {
  "6/mmm": 0,
  "m-3m": 1,
  "6/m": 2,
  "m-3": 3,
  "-1": 4,
  "2/m": 5,
  mmm: 6,
  "4/m": 7,
  "4/mmm": 8,
  "-3": 9,
  "-3m": 10,
};
const unknownStructure = 999;

/** Names of C++ types in the files. */
type ArrayType = "float" | "int32_t" | "uint32_t" | "bool";

/**
 * The file: Bunge's angles in radians about the axes of the image geometry (x along the columns, y down the rows, z away
 * from the source), a along x, steps in micrometres. Phases count from 1; cells without an orientation have phase 0 and
 * angles of 0.
 */
export function encodeDream3d({ crystals, groups, shape, pixelSize, labels, at }: ExchangeMap): Uint8Array {
  const cells = shape.rows * shape.columns, step = micrometres(pixelSize), degree = Math.PI / 180;
  const angles = new Float32Array(3 * cells), phases = new Int32Array(cells), mask = new Uint8Array(cells);
  const agreement = new Float32Array(cells), explained = new Float32Array(cells);
  for (let cell = 0; cell < cells; cell++) {
    const point = at(cell);
    if (!point) continue;
    const { phi1, capitalPhi, phi2 } = eulerAngles(multiply(point.orientation, toGeometry));
    angles.set([phi1 * degree, capitalPhi * degree, phi2 * degree], 3 * cell);
    phases[cell] = point.phase + 1;
    mask[cell] = 1;
    agreement[cell] = point.agreement ?? 0;
    explained[cell] = point.explained ?? 0;
  }
  const tuples = [shape.columns, shape.rows, 1];
  const cellData = matrix(cellMatrix, tuples, {
    "Euler Angles": array(angles, "float", tuples, 3),
    Phases: array(phases, "int32_t", tuples, 1),
    Mask: array(mask, "bool", tuples, 1),
    Agreement: array(agreement, "float", tuples, 1),
    Explained: array(explained, "float", tuples, 1),
    // Features count from 1; what belongs to none is 0.
    ...(labels && { FeatureIds: array(labels.map((label) => label + 1), "int32_t", tuples, 1) }),
  });
  const known = groups.map(({ laueClass }) => structures[laueClass]), kinds = [crystals.length + 1];
  const lattices = crystals.flatMap((
    { cell: { a, b, c, alpha, beta, gamma } },
  ) => [a, b, c, alpha, beta, gamma]);
  const ensembles = matrix(ensembleMatrix, kinds, {
    CrystalStructures: array(Uint32Array.of(unknownStructure, ...known), "uint32_t", kinds, 1),
    LatticeConstants: array(Float32Array.from([...Array(6).fill(0), ...lattices]), "float", kinds, 6),
    MaterialName: {
      values: { texts: ["Invalid Phase", ...crystals.map(({ name }) => plain(name))] },
      attributes: attributes("StringDataArray", kinds, 1),
    },
  });
  const geometry = new Hdf5Group({
    DIMENSIONS: { values: BigInt64Array.from(tuples, BigInt) },
    ORIGIN: { values: new Float32Array(3) },
    SPACING: { values: Float32Array.of(step.column, step.row, 1) },
  }, {
    GeometryName: { text: "ImageGeometry" },
    GeometryType: Uint32Array.of(imageGeometry),
    GeometryTypeName: { text: "ImageGeometry" },
    SpatialDimensionality: Uint32Array.of(3),
    UnitDimensionality: Uint32Array.of(3),
  });
  const container = { _SIMPL_GEOMETRY: geometry, CellData: cellData, CellEnsembleData: ensembles };
  return encodeHdf5(
    new Hdf5Group({ DataContainers: { ImageDataContainer: container }, DataContainerBundles: {} }, {
      FileVersion: { text: "7.0" },
      "DREAM3D Version": { text: "6.5.171" },
    }),
  );
}

/** Arrays with as many tuples. */
function matrix(kind: number, tuples: readonly number[], tree: Hdf5Tree): Hdf5Group {
  return new Hdf5Group(tree, {
    AttributeMatrixType: Uint32Array.of(kind),
    TupleDimensions: BigUint64Array.from(tuples, BigInt),
  });
}

/** An array whose tuples have so many components: axes slowest first, so z, y, x and component. */
function array(values: Hdf5Values, type: ArrayType, tuples: readonly number[], components: number): Hdf5Leaf {
  return {
    ...{ values, shape: [...tuples.toReversed(), components] },
    attributes: attributes(`DataArray<${type}>`, tuples, components),
  };
}

function attributes(objectType: string, tuples: readonly number[], components: number) {
  const axes = tuples.map((length, axis) => `${"xyz"[axis]}=${length}`).join(",");
  return {
    ObjectType: { text: objectType },
    DataArrayVersion: Int32Array.of(2),
    ComponentDimensions: BigUint64Array.of(BigInt(components)),
    TupleDimensions: BigUint64Array.from(tuples, BigInt),
    "Tuple Axis Dimensions": { text: axes },
  };
}
