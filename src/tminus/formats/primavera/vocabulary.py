"""The words of both of Primavera's formats for the same things: XER's codes, P6 XML's words."""

from __future__ import annotations

from tminus.engines.schedule import ConstraintKind, FloatKind, LagCalendar, LinkKind, TaskRole

ROLES = {
    "TT_Task": TaskRole.PLAIN,
    "TT_Rsrc": TaskRole.RESOURCE_DEPENDENT,
    "TT_LOE": TaskRole.LEVEL_OF_EFFORT,
    "TT_Mile": TaskRole.START_MILESTONE,
    "TT_FinMile": TaskRole.FINISH_MILESTONE,
    "TT_WBS": TaskRole.WBS_SUMMARY,
}
MILESTONES = (TaskRole.START_MILESTONE, TaskRole.FINISH_MILESTONE)
STATUSES = {"TK_NotStart": 0, "TK_Active": 1, "TK_Complete": 2}
LINKS = {"PR_FS": LinkKind.FS, "PR_SS": LinkKind.SS, "PR_FF": LinkKind.FF, "PR_SF": LinkKind.SF}
CONSTRAINTS = {
    "CS_ALAP": ConstraintKind.ALAP,
    "CS_MSO": ConstraintKind.MSO,
    "CS_MSOA": ConstraintKind.SNET,
    "CS_MSOB": ConstraintKind.SNLT,
    "CS_MEO": ConstraintKind.MFO,
    "CS_MEOA": ConstraintKind.FNET,
    "CS_MEOB": ConstraintKind.FNLT,
    "CS_MANDSTART": ConstraintKind.MANDATORY_START,
    "CS_MANDFIN": ConstraintKind.MANDATORY_FINISH,
}
FLOATS = {"FT_FF": FloatKind.FINISH, "FT_SS": FloatKind.START, "FT_Min": FloatKind.LEAST}
LAGS = {
    "rcal_Predecessor": LagCalendar.PREDECESSOR,
    "rcal_Successor": LagCalendar.SUCCESSOR,
    "rcal_24Hour": LagCalendar.CLOCK,
    "rcal_ProjDefault": LagCalendar.PLAN,
}
CRITICAL = {"CT_TotFloat": False, "CT_DrivPath": True}
RESOURCES = {"RT_Labor": "work", "RT_Equip": "work", "RT_Mat": "material"}
YES_NO = {"Y": True, "N": False}

ROLE_WORDS = {
    "Task Dependent": "TT_Task",
    "Resource Dependent": "TT_Rsrc",
    "Level of Effort": "TT_LOE",
    "Start Milestone": "TT_Mile",
    "Finish Milestone": "TT_FinMile",
    "WBS Summary": "TT_WBS",
}
STATUS_WORDS = {"Not Started": "TK_NotStart", "In Progress": "TK_Active", "Completed": "TK_Complete"}
LINK_WORDS = {
    "Finish to Start": "PR_FS",
    "Start to Start": "PR_SS",
    "Finish to Finish": "PR_FF",
    "Start to Finish": "PR_SF",
}
CONSTRAINT_WORDS = {
    "As Late As Possible": "CS_ALAP",
    "Start On": "CS_MSO",
    "Start On or After": "CS_MSOA",
    "Start On or Before": "CS_MSOB",
    "Finish On": "CS_MEO",
    "Finish On or After": "CS_MEOA",
    "Finish On or Before": "CS_MEOB",
    "Mandatory Start": "CS_MANDSTART",
    "Mandatory Finish": "CS_MANDFIN",
}
FLOAT_WORDS = {"Finish Float": "FT_FF", "Start Float": "FT_SS", "Smallest of Start Float and Finish Float": "FT_Min"}
LAG_WORDS = {
    "Predecessor Activity Calendar": "rcal_Predecessor",
    "Successor Activity Calendar": "rcal_Successor",
    "24 Hour Calendar": "rcal_24Hour",
    "Project Default Calendar": "rcal_ProjDefault",
}
CRITICAL_WORDS = {"Critical Float": "CT_TotFloat", "Longest Path": "CT_DrivPath"}
LOGIC_WORDS = ("Retained Logic", "Progress Override", "Actual Dates")
RESOURCE_WORDS = {"Labor": "RT_Labor", "Nonlabor": "RT_Equip", "Material": "RT_Mat"}
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
