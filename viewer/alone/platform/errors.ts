/** Failures of the page's files, by the names that the library knows from the system. */

/** There is nothing of that name. */
class NotFound extends Error {}
/** There is something of that name already. */
class AlreadyExists extends Error {}
/** A file is wanted, and there is a folder. */
class IsADirectory extends Error {}
/** A folder is wanted, and there is a file. */
class NotADirectory extends Error {}
/** Nothing may be written there. */
class PermissionDenied extends Error {}
/** Nobody may look there. A page has no such rights to give. */
class NotCapable extends Error {}

/** As `Deno.errors`. */
export const errors = { NotFound, AlreadyExists, IsADirectory, NotADirectory, PermissionDenied, NotCapable };
