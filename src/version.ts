/** The version of this program, that of package.json: what a model was made by. */
export const CODE_VERSION = '0.1.0';
