/** What a department's page has below its totals: a chunk of its own, so that these need not wait for it. */
export const departmentParts = () => import("./department_parts.jsx");
