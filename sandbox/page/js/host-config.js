// How a host like Teams draws cards. Colours are the page's own variables, so light and dark need no second drawing.
const tone = (colour) => ({ default: colour, subtle: colour });
const quieter = (colour) => ({ default: colour, subtle: "var(--quiet)" });

const foreground = {
  default: quieter("var(--text)"),
  dark: tone("var(--text)"),
  light: tone("var(--quiet)"),
  accent: tone("var(--brand-text)"),
  good: tone("var(--good-text)"),
  warning: tone("var(--warn-text)"),
  attention: tone("var(--bad)"),
};

const container = (backgroundColor) => ({ backgroundColor, foregroundColors: foreground });

export const hostConfig = {
  supportsInteractivity: true,
  fontFamily: "var(--font)",
  fontSizes: { small: 12, default: 14, medium: 16, large: 18, extraLarge: 24 },
  fontWeights: { lighter: 300, default: 400, bolder: 600 },
  lineHeights: { small: 18, default: 20, medium: 22, large: 24, extraLarge: 32 },
  spacing: { small: 6, default: 10, medium: 16, large: 20, extraLarge: 28, padding: 14 },
  separator: { lineThickness: 1, lineColor: "var(--line)" },
  imageSizes: { small: 32, medium: 52, large: 100 },
  containerStyles: {
    default: container("transparent"),
    emphasis: container("var(--hover)"),
    accent: container("var(--soft)"),
    good: container("var(--hover)"),
    warning: container("var(--hover)"),
    attention: container("var(--bad-soft)"),
  },
  textBlock: { headingLevel: 3 },
  actions: {
    maxActions: 6,
    spacing: "medium",
    buttonSpacing: 8,
    actionsOrientation: "horizontal",
    actionAlignment: "left",
    showCard: { actionMode: "inline", inlineTopMargin: 12, style: "emphasis" },
  },
  adaptiveCard: { allowCustomStyle: true },
  factSet: {
    title: { color: "default", size: "default", weight: "bolder", wrap: true, maxWidth: 140 },
    value: { color: "default", size: "default", weight: "default", wrap: true },
    spacing: 12,
  },
  inputs: {
    label: {
      inputSpacing: "small",
      requiredInputs: { weight: "bolder", suffix: " (needed)", suffixColor: "default" },
      optionalInputs: { weight: "bolder" },
    },
    errorMessage: { color: "attention", weight: "default", spacing: "small" },
  },
};
