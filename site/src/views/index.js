// Which view an address leads to. A view is loaded when it is asked for, beside the file that it reads first.
import { department, document_, newest, partitions, province } from "../data.js";
import { bodyOf } from "../router.js";
import { departmentParts } from "./parts_of_department.js";

const ofDocument = ([id]) => document_(id);

/** By the first part of an address; that of the start has none. */
const VIEWS = {
  d: {
    view: () => import("./department.jsx").then((module) => module.Department),
    file: ([id], { of }) => Promise.all([department(id), of ? undefined : newest(id), departmentParts()]),
  },
  n: { view: () => import("./number.jsx").then((module) => module.NumberPage), file: ofDocument },
  f: { view: () => import("./figure.jsx").then((module) => module.FigurePage), file: ofDocument },
  printed: { view: () => import("./printed.jsx").then((module) => module.Printed), file: ([id]) => department(bodyOf(id)) },
  doc: { view: () => import("./document.jsx").then((module) => module.DocumentPage), file: ofDocument },
  p: { view: () => import("./province.jsx").then((module) => module.Province), file: ([id]) => province(id) },
  compare: { view: () => import("./compare.jsx").then((module) => module.Compare), file: partitions },
  quality: { view: () => import("./quality.jsx").then((module) => module.Quality), file: partitions },
  errors: { view: () => import("./quality.jsx").then((module) => module.Errors), file: ofDocument },
};

export const isView = (name) => Object.hasOwn(VIEWS, name);

/** The view of an address, its first file on the way. */
export function viewOf([name, ...parts], query) {
  VIEWS[name].file(parts, query).catch(() => {}); // the view says it, where it reads the file
  return VIEWS[name].view();
}
