/** Vectors of three numbers and matrices of nine, row by row. */

/** A vector (x, y, z). */
export type Vector3 = readonly [x: number, y: number, z: number];

/** A matrix of 3 x 3 numbers, row by row. */
export type Matrix3 = readonly [
  ...[number, number, number],
  ...[number, number, number],
  ...[number, number, number],
];

/** The matrix that leaves every vector as it is. */
export const identity: Matrix3 = [1, 0, 0, 0, 1, 0, 0, 0, 1];

/** The vector whose numbers begin at a place of an array. */
export function vectorAt(numbers: ArrayLike<number>, start = 0): Vector3 {
  return [numbers[start], numbers[start + 1], numbers[start + 2]];
}

/** The matrix whose numbers begin at a place of an array. */
export function matrixAt(numbers: ArrayLike<number>, start = 0): Matrix3 {
  return [
    ...vectorAt(numbers, start),
    ...vectorAt(numbers, start + 3),
    ...vectorAt(numbers, start + 6),
  ];
}

/** The product of a matrix and a column. */
export function apply(m: Matrix3, [x, y, z]: Vector3): Vector3 {
  return [m[0] * x + m[1] * y + m[2] * z, m[3] * x + m[4] * y + m[5] * z, m[6] * x + m[7] * y + m[8] * z];
}

/** The product of two matrices. */
export function multiply(a: Matrix3, b: Matrix3): Matrix3 {
  const column = (index: number): Vector3 => apply(a, [b[index], b[index + 3], b[index + 6]]);
  return transpose([...column(0), ...column(1), ...column(2)]);
}

/** Rows become columns. */
export function transpose(m: Matrix3): Matrix3 {
  return [m[0], m[3], m[6], m[1], m[4], m[7], m[2], m[5], m[8]];
}

/** The determinant. */
export function determinant(m: Matrix3): number {
  return dot([m[0], m[1], m[2]], cross([m[3], m[4], m[5]], [m[6], m[7], m[8]]));
}

/**
 * The inverse.
 *
 * @throws {RangeError} when there is none
 */
export function inverse(m: Matrix3): Matrix3 {
  const a: Vector3 = [m[0], m[1], m[2]], b: Vector3 = [m[3], m[4], m[5]], c: Vector3 = [m[6], m[7], m[8]];
  const volume = determinant(m);
  if (volume === 0 || !Number.isFinite(volume)) throw new RangeError("the matrix has no inverse");
  const columns = [...cross(b, c), ...cross(c, a), ...cross(a, b)].map((value) => value / volume);
  return transpose(matrixAt(columns));
}

/** The vector product. */
export function cross([a, b, c]: Vector3, [x, y, z]: Vector3): Vector3 {
  return [b * z - c * y, c * x - a * z, a * y - b * x];
}

/** The scalar product. */
export function dot([a, b, c]: Vector3, [x, y, z]: Vector3): number {
  return a * x + b * y + c * z;
}

/** The length of a vector. */
export function length(vector: Vector3): number {
  return Math.sqrt(dot(vector, vector));
}

/** The vector of length 1 in the same direction. */
export function normalise(vector: Vector3): Vector3 {
  const size = length(vector);
  return [vector[0] / size, vector[1] / size, vector[2] / size];
}

/** A multiple of a vector. */
export function scale([x, y, z]: Vector3, factor: number): Vector3 {
  return [x * factor, y * factor, z * factor];
}

/** The sum of two vectors. */
export function add([a, b, c]: Vector3, [x, y, z]: Vector3): Vector3 {
  return [a + x, b + y, c + z];
}
