import { type ErrorCode, ToolError } from "#shared/core/errors.ts";

/** Why a path is refused: stable words, in `details.reason` of the error. */
const REFUSALS = {
  invalid_path: ["VALIDATION_ERROR", "This is no path that the server accepts"],
  outside_root: ["PERMISSION_DENIED", "The path is outside the folders this server may use"],
  symlink: ["PERMISSION_DENIED", "The path goes through a symbolic link that may not be followed"],
  denied_by_pattern: [
    "PERMISSION_DENIED",
    "The owner keeps files of this name from being used (DENY_PATTERNS)",
  ],
  special_file: ["PERMISSION_DENIED", "This is a pipe, socket or device; only files can be read"],
  no_permission: ["PERMISSION_DENIED", "The system does not let this server do that"],
  not_found: ["NOT_FOUND", "There is nothing of this name; list its folder to see what there is"],
  not_a_file: ["VALIDATION_ERROR", "This is a directory; use list_directory"],
  not_a_directory: ["VALIDATION_ERROR", "A part of the path is not a directory"],
  binary: ["VALIDATION_ERROR", "This is not a text file"],
  too_large: ["VALIDATION_ERROR", "This is more than one call can look through"],
  invalid_range: ["VALIDATION_ERROR", "There is no such part of the file"],
  invalid_pattern: ["VALIDATION_ERROR", "The pattern cannot be used"],
  bad_archive: ["VALIDATION_ERROR", "This is no zip archive that can be read"],
  not_media: ["VALIDATION_ERROR", "This is no image or sound that is known; use read_text_file"],
  exists: ["CONFLICT", "Something of this name is there already"],
  stale: ["CONFLICT", "The file is not as it was when you read it; read it again"],
  not_empty: ["CONFLICT", "The folder is not empty"],
  no_match: ["VALIDATION_ERROR", "The text to replace is not in the file"],
  ambiguous_match: ["VALIDATION_ERROR", "The text to replace is there more than once"],
  overlap: ["VALIDATION_ERROR", "Two edits change the same text; make them one"],
  unencodable: ["VALIDATION_ERROR", "The encoding of the file has no such characters"],
  hard_link: [
    "PERMISSION_DENIED",
    "The file has other names, perhaps outside the allowed folders; copy it and change the copy",
  ],
  other_disk: ["VALIDATION_ERROR", "This cannot be moved from one disk to another; copy it"],
  disk_full: ["UNAVAILABLE", "The disk is full; nothing was changed"],
  nothing_to_undo: ["NOT_FOUND", "There is no change left to undo"],
  changed: ["CONFLICT", "It was replaced while it was being opened; try again"],
  busy: ["UNAVAILABLE", "Too many files are open, or the disk does not answer; try again later"],
  root_unavailable: ["UNAVAILABLE", "A folder of ALLOWED_ROOTS cannot be opened; ask the owner"],
  no_root: ["CONFIG_ERROR", "ALLOWED_ROOTS is not set"],
} as const satisfies Record<string, readonly [ErrorCode, string]>;

export type Reason = keyof typeof REFUSALS;
export const REASONS = Object.keys(REFUSALS) as Reason[];

export interface Refusal {
  /** As the caller wrote it: what the server found out is not shown. */
  path?: string | undefined;
  /** Instead of the reason's own sentence, without a full stop. */
  because?: string;
  details?: Record<string, unknown>;
  cause?: unknown;
}

/** Characters of a path in a message. */
const SHOWN_CHARS = 200;

export function refuse(reason: Reason, { path, because, details, cause }: Refusal = {}): ToolError {
  const [code, sentence] = REFUSALS[reason];
  const subject = path === undefined ? "" : `${JSON.stringify(path.slice(0, SHOWN_CHARS))}: `;
  return new ToolError(code, `${subject}${because ?? sentence}.`, {
    details: { reason, ...(path !== undefined && { path }), ...details },
    ...(cause !== undefined && { cause }),
  });
}

/** What the system says when it refuses, in our words. Whatever is not here is unforeseen. */
const BY_ERRNO: Record<string, Reason> = {
  ENOENT: "not_found",
  ENOTDIR: "not_a_directory",
  EISDIR: "not_a_file",
  ELOOP: "symlink",
  EACCES: "no_permission",
  EPERM: "no_permission",
  ENAMETOOLONG: "invalid_path",
  EINVAL: "invalid_path",
  EMFILE: "busy",
  ENFILE: "busy",
  EIO: "busy",
  ESTALE: "changed",
  ENXIO: "special_file",
  EEXIST: "exists",
  ENOTEMPTY: "not_empty",
  EXDEV: "other_disk",
  // a folder that a disk is mounted on; on Windows, what another program has open
  EBUSY: process.platform === "win32" ? "busy" : "other_disk",
  EROFS: "no_permission",
  ENOSPC: "disk_full",
  EDQUOT: "disk_full",
  EFBIG: "too_large",
};

export function errnoOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string"
    ? error.code
    : undefined;
}

/** An error of `node:fs` without the paths that its message holds; anything else as it is. */
export function fromSystem(error: unknown, path: string): unknown {
  const reason = BY_ERRNO[errnoOf(error) ?? ""];
  return reason === undefined ? error : refuse(reason, { path, cause: error });
}

/** Whether the process or the system is short of something that it will have again. */
export const isBusy = (error: unknown): boolean => BY_ERRNO[errnoOf(error) ?? ""] === "busy";
