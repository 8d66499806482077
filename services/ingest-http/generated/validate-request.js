// Made by infrastructure/generate.ts from shared/events/http-event.ts. Do not edit.
"use strict";
export const validate = validate20;
export default validate20;
const schema31 = {"type":"object","required":["body"],"properties":{"body":{"type":"array","minItems":1,"maxItems":1000,"items":{"type":"object","properties":{"log_level":{"type":"string","pattern":"^(?:[cC][rR][iI][tT][iI][cC][aA][lL]|[eE][rR][rR][oO][rR]|[wW][aA][rR][nN][iI][nN][gG]|[iI][nN][fF][oO]|[dD][eE][bB][uU][gG])$","description":"a level: critical, error, warning, info, debug, in any letter case"},"message":{"type":"string","minLength":1,"description":"what happened, a text that is not empty; over 64 KiB it is cut"},"source_application":{"type":"string","minLength":1,"maxLength":256,"description":"the application, service or host that logged: a text of 1 to 256 characters"},"details":{"description":"any JSON; with the attributes over 128 KiB it is cut"},"id":{"description":"a text of 1 to 256 characters that no other event has, best a UUID: sent again it has no second effect","type":"string","minLength":1,"maxLength":256},"time":{"description":"when it happened, ISO 8601 with its zone, such as 2026-11-21T08:30:00.000Z; default: when it arrives","type":"string","maxLength":64,"format":"date-time","pattern":"^(?:(?:\\d\\d[2468][048]|\\d\\d[13579][26]|\\d\\d0[48]|[02468][048]00|[13579][26]00)-02-29|\\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)|(?:02)-(?:0[1-9]|1\\d|2[0-8])))T(?:(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(?:\\.\\d+)?(?:Z|([+-](?:[01]\\d|2[0-3]):[0-5]\\d)))$"},"error":{"description":"an object with the texts type and message, and perhaps stack","type":"object","properties":{"type":{"type":"string"},"message":{"type":"string"},"stack":{"type":"string"}},"required":["type","message"],"additionalProperties":false},"locator":{"description":"where in the code: a text of at most 256 characters","type":"string","maxLength":256},"attributes":{"description":"an object whose values are texts","type":"object","propertyNames":{"type":"string"},"additionalProperties":{"type":"string"}},"traceId":{"description":"a text of at most 64 characters","type":"string","maxLength":64},"spanId":{"description":"a text of at most 32 characters","type":"string","maxLength":32}},"required":["log_level","message","source_application"],"additionalProperties":false,"title":"HttpEvent","description":"an event: an object"},"description":"1 to 1000 events"}}};
const func1 = Object.prototype.hasOwnProperty;
const pattern4 = new RegExp("^(?:[cC][rR][iI][tT][iI][cC][aA][lL]|[eE][rR][rR][oO][rR]|[wW][aA][rR][nN][iI][nN][gG]|[iI][nN][fF][oO]|[dD][eE][bB][uU][gG])$", "u");
const pattern5 = new RegExp("^(?:(?:\\d\\d[2468][048]|\\d\\d[13579][26]|\\d\\d0[48]|[02468][048]00|[13579][26]00)-02-29|\\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)|(?:02)-(?:0[1-9]|1\\d|2[0-8])))T(?:(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(?:\\.\\d+)?(?:Z|([+-](?:[01]\\d|2[0-3]):[0-5]\\d)))$", "u");

function validate20(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate20.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.body === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "body"},message:"must have required property '"+"body"+"'",schema:schema31.required,parentSchema:schema31,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if(data.body !== undefined){
let data0 = data.body;
if(Array.isArray(data0)){
if(data0.length > 1000){
const err1 = {instancePath:instancePath+"/body",schemaPath:"#/properties/body/maxItems",keyword:"maxItems",params:{limit: 1000},message:"must NOT have more than 1000 items",schema:1000,parentSchema:schema31.properties.body,data:data0};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
if(data0.length < 1){
const err2 = {instancePath:instancePath+"/body",schemaPath:"#/properties/body/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema31.properties.body,data:data0};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
let data1 = data0[i0];
if(data1 && typeof data1 == "object" && !Array.isArray(data1)){
if(data1.log_level === undefined){
const err3 = {instancePath:instancePath+"/body/" + i0,schemaPath:"#/properties/body/items/required",keyword:"required",params:{missingProperty: "log_level"},message:"must have required property '"+"log_level"+"'",schema:schema31.properties.body.items.required,parentSchema:schema31.properties.body.items,data:data1};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
if(data1.message === undefined){
const err4 = {instancePath:instancePath+"/body/" + i0,schemaPath:"#/properties/body/items/required",keyword:"required",params:{missingProperty: "message"},message:"must have required property '"+"message"+"'",schema:schema31.properties.body.items.required,parentSchema:schema31.properties.body.items,data:data1};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
if(data1.source_application === undefined){
const err5 = {instancePath:instancePath+"/body/" + i0,schemaPath:"#/properties/body/items/required",keyword:"required",params:{missingProperty: "source_application"},message:"must have required property '"+"source_application"+"'",schema:schema31.properties.body.items.required,parentSchema:schema31.properties.body.items,data:data1};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
for(const key0 in data1){
if(!(func1.call(schema31.properties.body.items.properties, key0))){
const err6 = {instancePath:instancePath+"/body/" + i0,schemaPath:"#/properties/body/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties",schema:false,parentSchema:schema31.properties.body.items,data:data1};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
if(data1.log_level !== undefined){
let data2 = data1.log_level;
if(typeof data2 === "string"){
if(!pattern4.test(data2)){
const err7 = {instancePath:instancePath+"/body/" + i0+"/log_level",schemaPath:"#/properties/body/items/properties/log_level/pattern",keyword:"pattern",params:{pattern: "^(?:[cC][rR][iI][tT][iI][cC][aA][lL]|[eE][rR][rR][oO][rR]|[wW][aA][rR][nN][iI][nN][gG]|[iI][nN][fF][oO]|[dD][eE][bB][uU][gG])$"},message:"must match pattern \""+"^(?:[cC][rR][iI][tT][iI][cC][aA][lL]|[eE][rR][rR][oO][rR]|[wW][aA][rR][nN][iI][nN][gG]|[iI][nN][fF][oO]|[dD][eE][bB][uU][gG])$"+"\"",schema:"^(?:[cC][rR][iI][tT][iI][cC][aA][lL]|[eE][rR][rR][oO][rR]|[wW][aA][rR][nN][iI][nN][gG]|[iI][nN][fF][oO]|[dD][eE][bB][uU][gG])$",parentSchema:schema31.properties.body.items.properties.log_level,data:data2};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
else {
const err8 = {instancePath:instancePath+"/body/" + i0+"/log_level",schemaPath:"#/properties/body/items/properties/log_level/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema31.properties.body.items.properties.log_level.type,parentSchema:schema31.properties.body.items.properties.log_level,data:data2};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
if(data1.message !== undefined){
let data3 = data1.message;
if(typeof data3 === "string"){
if(data3.length < 1){
const err9 = {instancePath:instancePath+"/body/" + i0+"/message",schemaPath:"#/properties/body/items/properties/message/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema31.properties.body.items.properties.message,data:data3};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
}
else {
const err10 = {instancePath:instancePath+"/body/" + i0+"/message",schemaPath:"#/properties/body/items/properties/message/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema31.properties.body.items.properties.message.type,parentSchema:schema31.properties.body.items.properties.message,data:data3};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
if(data1.source_application !== undefined){
let data4 = data1.source_application;
if(typeof data4 === "string"){
if(data4.length > 256){
const err11 = {instancePath:instancePath+"/body/" + i0+"/source_application",schemaPath:"#/properties/body/items/properties/source_application/maxLength",keyword:"maxLength",params:{limit: 256},message:"must NOT have more than 256 characters",schema:256,parentSchema:schema31.properties.body.items.properties.source_application,data:data4};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
if(data4.length < 1){
const err12 = {instancePath:instancePath+"/body/" + i0+"/source_application",schemaPath:"#/properties/body/items/properties/source_application/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema31.properties.body.items.properties.source_application,data:data4};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
}
else {
const err13 = {instancePath:instancePath+"/body/" + i0+"/source_application",schemaPath:"#/properties/body/items/properties/source_application/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema31.properties.body.items.properties.source_application.type,parentSchema:schema31.properties.body.items.properties.source_application,data:data4};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
if(data1.id !== undefined){
let data5 = data1.id;
if(typeof data5 === "string"){
if(data5.length > 256){
const err14 = {instancePath:instancePath+"/body/" + i0+"/id",schemaPath:"#/properties/body/items/properties/id/maxLength",keyword:"maxLength",params:{limit: 256},message:"must NOT have more than 256 characters",schema:256,parentSchema:schema31.properties.body.items.properties.id,data:data5};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
if(data5.length < 1){
const err15 = {instancePath:instancePath+"/body/" + i0+"/id",schemaPath:"#/properties/body/items/properties/id/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema31.properties.body.items.properties.id,data:data5};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
}
else {
const err16 = {instancePath:instancePath+"/body/" + i0+"/id",schemaPath:"#/properties/body/items/properties/id/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema31.properties.body.items.properties.id.type,parentSchema:schema31.properties.body.items.properties.id,data:data5};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
}
if(data1.time !== undefined){
let data6 = data1.time;
if(typeof data6 === "string"){
if(data6.length > 64){
const err17 = {instancePath:instancePath+"/body/" + i0+"/time",schemaPath:"#/properties/body/items/properties/time/maxLength",keyword:"maxLength",params:{limit: 64},message:"must NOT have more than 64 characters",schema:64,parentSchema:schema31.properties.body.items.properties.time,data:data6};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
if(!pattern5.test(data6)){
const err18 = {instancePath:instancePath+"/body/" + i0+"/time",schemaPath:"#/properties/body/items/properties/time/pattern",keyword:"pattern",params:{pattern: "^(?:(?:\\d\\d[2468][048]|\\d\\d[13579][26]|\\d\\d0[48]|[02468][048]00|[13579][26]00)-02-29|\\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)|(?:02)-(?:0[1-9]|1\\d|2[0-8])))T(?:(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(?:\\.\\d+)?(?:Z|([+-](?:[01]\\d|2[0-3]):[0-5]\\d)))$"},message:"must match pattern \""+"^(?:(?:\\d\\d[2468][048]|\\d\\d[13579][26]|\\d\\d0[48]|[02468][048]00|[13579][26]00)-02-29|\\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)|(?:02)-(?:0[1-9]|1\\d|2[0-8])))T(?:(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(?:\\.\\d+)?(?:Z|([+-](?:[01]\\d|2[0-3]):[0-5]\\d)))$"+"\"",schema:"^(?:(?:\\d\\d[2468][048]|\\d\\d[13579][26]|\\d\\d0[48]|[02468][048]00|[13579][26]00)-02-29|\\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)|(?:02)-(?:0[1-9]|1\\d|2[0-8])))T(?:(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(?:\\.\\d+)?(?:Z|([+-](?:[01]\\d|2[0-3]):[0-5]\\d)))$",parentSchema:schema31.properties.body.items.properties.time,data:data6};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
}
else {
const err19 = {instancePath:instancePath+"/body/" + i0+"/time",schemaPath:"#/properties/body/items/properties/time/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema31.properties.body.items.properties.time.type,parentSchema:schema31.properties.body.items.properties.time,data:data6};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
}
if(data1.error !== undefined){
let data7 = data1.error;
if(data7 && typeof data7 == "object" && !Array.isArray(data7)){
if(data7.type === undefined){
const err20 = {instancePath:instancePath+"/body/" + i0+"/error",schemaPath:"#/properties/body/items/properties/error/required",keyword:"required",params:{missingProperty: "type"},message:"must have required property '"+"type"+"'",schema:schema31.properties.body.items.properties.error.required,parentSchema:schema31.properties.body.items.properties.error,data:data7};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
if(data7.message === undefined){
const err21 = {instancePath:instancePath+"/body/" + i0+"/error",schemaPath:"#/properties/body/items/properties/error/required",keyword:"required",params:{missingProperty: "message"},message:"must have required property '"+"message"+"'",schema:schema31.properties.body.items.properties.error.required,parentSchema:schema31.properties.body.items.properties.error,data:data7};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
for(const key1 in data7){
if(!(((key1 === "type") || (key1 === "message")) || (key1 === "stack"))){
const err22 = {instancePath:instancePath+"/body/" + i0+"/error",schemaPath:"#/properties/body/items/properties/error/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties",schema:false,parentSchema:schema31.properties.body.items.properties.error,data:data7};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
}
if(data7.type !== undefined){
let data8 = data7.type;
if(typeof data8 !== "string"){
const err23 = {instancePath:instancePath+"/body/" + i0+"/error/type",schemaPath:"#/properties/body/items/properties/error/properties/type/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema31.properties.body.items.properties.error.properties.type.type,parentSchema:schema31.properties.body.items.properties.error.properties.type,data:data8};
if(vErrors === null){
vErrors = [err23];
}
else {
vErrors.push(err23);
}
errors++;
}
}
if(data7.message !== undefined){
let data9 = data7.message;
if(typeof data9 !== "string"){
const err24 = {instancePath:instancePath+"/body/" + i0+"/error/message",schemaPath:"#/properties/body/items/properties/error/properties/message/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema31.properties.body.items.properties.error.properties.message.type,parentSchema:schema31.properties.body.items.properties.error.properties.message,data:data9};
if(vErrors === null){
vErrors = [err24];
}
else {
vErrors.push(err24);
}
errors++;
}
}
if(data7.stack !== undefined){
let data10 = data7.stack;
if(typeof data10 !== "string"){
const err25 = {instancePath:instancePath+"/body/" + i0+"/error/stack",schemaPath:"#/properties/body/items/properties/error/properties/stack/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema31.properties.body.items.properties.error.properties.stack.type,parentSchema:schema31.properties.body.items.properties.error.properties.stack,data:data10};
if(vErrors === null){
vErrors = [err25];
}
else {
vErrors.push(err25);
}
errors++;
}
}
}
else {
const err26 = {instancePath:instancePath+"/body/" + i0+"/error",schemaPath:"#/properties/body/items/properties/error/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema31.properties.body.items.properties.error.type,parentSchema:schema31.properties.body.items.properties.error,data:data7};
if(vErrors === null){
vErrors = [err26];
}
else {
vErrors.push(err26);
}
errors++;
}
}
if(data1.locator !== undefined){
let data11 = data1.locator;
if(typeof data11 === "string"){
if(data11.length > 256){
const err27 = {instancePath:instancePath+"/body/" + i0+"/locator",schemaPath:"#/properties/body/items/properties/locator/maxLength",keyword:"maxLength",params:{limit: 256},message:"must NOT have more than 256 characters",schema:256,parentSchema:schema31.properties.body.items.properties.locator,data:data11};
if(vErrors === null){
vErrors = [err27];
}
else {
vErrors.push(err27);
}
errors++;
}
}
else {
const err28 = {instancePath:instancePath+"/body/" + i0+"/locator",schemaPath:"#/properties/body/items/properties/locator/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema31.properties.body.items.properties.locator.type,parentSchema:schema31.properties.body.items.properties.locator,data:data11};
if(vErrors === null){
vErrors = [err28];
}
else {
vErrors.push(err28);
}
errors++;
}
}
if(data1.attributes !== undefined){
let data12 = data1.attributes;
if(data12 && typeof data12 == "object" && !Array.isArray(data12)){
for(const key2 in data12){
const _errs29 = errors;
if(typeof key2 !== "string"){
const err29 = {instancePath:instancePath+"/body/" + i0+"/attributes",schemaPath:"#/properties/body/items/properties/attributes/propertyNames/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema31.properties.body.items.properties.attributes.propertyNames.type,parentSchema:schema31.properties.body.items.properties.attributes.propertyNames,data:key2,propertyName:key2};
if(vErrors === null){
vErrors = [err29];
}
else {
vErrors.push(err29);
}
errors++;
}
var valid5 = _errs29 === errors;
if(!valid5){
const err30 = {instancePath:instancePath+"/body/" + i0+"/attributes",schemaPath:"#/properties/body/items/properties/attributes/propertyNames",keyword:"propertyNames",params:{propertyName: key2},message:"property name must be valid",schema:schema31.properties.body.items.properties.attributes.propertyNames,parentSchema:schema31.properties.body.items.properties.attributes,data:data12};
if(vErrors === null){
vErrors = [err30];
}
else {
vErrors.push(err30);
}
errors++;
}
}
for(const key3 in data12){
let data13 = data12[key3];
if(typeof data13 !== "string"){
const err31 = {instancePath:instancePath+"/body/" + i0+"/attributes/" + key3.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/body/items/properties/attributes/additionalProperties/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema31.properties.body.items.properties.attributes.additionalProperties.type,parentSchema:schema31.properties.body.items.properties.attributes.additionalProperties,data:data13};
if(vErrors === null){
vErrors = [err31];
}
else {
vErrors.push(err31);
}
errors++;
}
}
}
else {
const err32 = {instancePath:instancePath+"/body/" + i0+"/attributes",schemaPath:"#/properties/body/items/properties/attributes/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema31.properties.body.items.properties.attributes.type,parentSchema:schema31.properties.body.items.properties.attributes,data:data12};
if(vErrors === null){
vErrors = [err32];
}
else {
vErrors.push(err32);
}
errors++;
}
}
if(data1.traceId !== undefined){
let data14 = data1.traceId;
if(typeof data14 === "string"){
if(data14.length > 64){
const err33 = {instancePath:instancePath+"/body/" + i0+"/traceId",schemaPath:"#/properties/body/items/properties/traceId/maxLength",keyword:"maxLength",params:{limit: 64},message:"must NOT have more than 64 characters",schema:64,parentSchema:schema31.properties.body.items.properties.traceId,data:data14};
if(vErrors === null){
vErrors = [err33];
}
else {
vErrors.push(err33);
}
errors++;
}
}
else {
const err34 = {instancePath:instancePath+"/body/" + i0+"/traceId",schemaPath:"#/properties/body/items/properties/traceId/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema31.properties.body.items.properties.traceId.type,parentSchema:schema31.properties.body.items.properties.traceId,data:data14};
if(vErrors === null){
vErrors = [err34];
}
else {
vErrors.push(err34);
}
errors++;
}
}
if(data1.spanId !== undefined){
let data15 = data1.spanId;
if(typeof data15 === "string"){
if(data15.length > 32){
const err35 = {instancePath:instancePath+"/body/" + i0+"/spanId",schemaPath:"#/properties/body/items/properties/spanId/maxLength",keyword:"maxLength",params:{limit: 32},message:"must NOT have more than 32 characters",schema:32,parentSchema:schema31.properties.body.items.properties.spanId,data:data15};
if(vErrors === null){
vErrors = [err35];
}
else {
vErrors.push(err35);
}
errors++;
}
}
else {
const err36 = {instancePath:instancePath+"/body/" + i0+"/spanId",schemaPath:"#/properties/body/items/properties/spanId/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema31.properties.body.items.properties.spanId.type,parentSchema:schema31.properties.body.items.properties.spanId,data:data15};
if(vErrors === null){
vErrors = [err36];
}
else {
vErrors.push(err36);
}
errors++;
}
}
}
else {
const err37 = {instancePath:instancePath+"/body/" + i0,schemaPath:"#/properties/body/items/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema31.properties.body.items.type,parentSchema:schema31.properties.body.items,data:data1};
if(vErrors === null){
vErrors = [err37];
}
else {
vErrors.push(err37);
}
errors++;
}
}
}
else {
const err38 = {instancePath:instancePath+"/body",schemaPath:"#/properties/body/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema31.properties.body.type,parentSchema:schema31.properties.body,data:data0};
if(vErrors === null){
vErrors = [err38];
}
else {
vErrors.push(err38);
}
errors++;
}
}
}
else {
const err39 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema31.type,parentSchema:schema31,data};
if(vErrors === null){
vErrors = [err39];
}
else {
vErrors.push(err39);
}
errors++;
}
validate20.errors = vErrors;
return errors === 0;
}
validate20.evaluated = {"props":{"body":true},"dynamicProps":false,"dynamicItems":false};

