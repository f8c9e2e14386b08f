/** Names of the presets: what measured best without a parameter, the paper's settings, those of py4DSTEM 0.14.19. */
export type PresetName = "auto" | "paper" | "py4dstem";
