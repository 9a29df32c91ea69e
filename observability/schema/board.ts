// What a dashboard of ours may say: what Grafana's own types allow, and of these the plain part that tools/board draws as well.
import type { Dashboard, Panel } from "@grafana/schema";
import type {
  FieldConfig as LinesFieldConfig,
  Options as LinesOptions,
} from "@grafana/schema/dist/esm/raw/composable/timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen";
import type { Options as StatOptions } from "@grafana/schema/dist/esm/raw/composable/stat/panelcfg/x/StatPanelCfg_types.gen";
import type { Options as TableOptions } from "@grafana/schema/dist/esm/raw/composable/table/panelcfg/x/TablePanelCfg_types.gen";

// In a file an enumeration is the text that it stands for.
type Plain<T> = T extends string
  ? `${T}`
  : T extends number | boolean | null | undefined
    ? T
    : T extends (infer Item)[]
      ? Plain<Item>[]
      : { [Key in keyof T]: Plain<T[Key]> };

interface Source {
  type: "prometheus";
  uid: "prometheus";
}

// Grafana leaves open what a data source is asked. This is what the one for Prometheus reads.
interface Target {
  refId: string;
  datasource: Source;
  expr: string;
  legendFormat: string;
}
interface OverTime extends Target {
  range: true;
}
interface Now extends Target {
  instant: true;
  range: false;
  format?: "table";
}

type Described<Options, Custom> = Plain<
  Required<Pick<Panel<Options, Custom>, "id" | "title" | "description" | "gridPos" | "fieldConfig">> & {
    options: Partial<Options>;
  }
>;
interface Lines extends Described<LinesOptions, LinesFieldConfig> {
  type: "timeseries";
  datasource: Source;
  targets: OverTime[];
}
interface Stat extends Described<StatOptions, Record<string, never>> {
  type: "stat";
  datasource: Source;
  targets: [Now];
}
interface Table extends Described<TableOptions, Record<string, never>> {
  type: "table";
  datasource: Source;
  targets: [Now];
}

type Settings = Plain<
  Required<
    Pick<
      Dashboard,
      | "uid"
      | "title"
      | "description"
      | "tags"
      | "schemaVersion"
      | "version"
      | "editable"
      | "graphTooltip"
      | "time"
      | "timezone"
      | "refresh"
    >
  >
>;
export interface Board extends Settings {
  panels: (Lines | Stat | Table)[];
}
