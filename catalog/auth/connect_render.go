package auth

import (
	"html/template"
	"io"
)

// plainPage is the default look: one column, readable on a phone, operable by
// keyboard, without scripts.
var plainPage = template.Must(template.New("page").Funcs(template.FuncMap{"moment": momentText}).Parse(`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{.Heading}}</title>
<style>
:root { color-scheme: light dark; }
body { font: 1.0625rem/1.5 system-ui, sans-serif; max-width: 38rem; margin: 0 auto; padding: 1.5rem 1rem; }
h1 { font-size: 1.5rem; }
ul { list-style: none; padding: 0; }
li { margin: 0 0 1rem; }
label { display: block; font-weight: 600; }
input, select { font: inherit; width: 100%; box-sizing: border-box; padding: .5rem; margin: .25rem 0; }
.button, button { font: inherit; display: inline-block; padding: .6rem 1rem; border: 1px solid #0a5; border-radius: .375rem; background: #075e3a; color: #fff; text-decoration: none; cursor: pointer; }
.button:focus-visible, button:focus-visible, input:focus-visible, a:focus-visible { outline: 3px solid #38f; outline-offset: 2px; }
dt { font-weight: 600; } dd { margin: 0 0 .75rem; overflow-wrap: anywhere; }
.wrong { border-left: 4px solid #c22; padding-left: .75rem; }
code { overflow-wrap: anywhere; }
</style>
</head>
<body>
<main>
<h1>{{.Heading}}</h1>
{{range .Text}}<p>{{.}}</p>
{{end}}
{{- if .Values}}<dl>
{{range .Values}}<dt>{{.Label}}</dt><dd><code>{{.Text}}</code></dd>
{{end}}</dl>
{{end}}
{{- with .Form}}{{if .Complaints}}<div class="wrong" role="alert">
{{range .Complaints}}<p>{{.}}</p>
{{end}}</div>
{{end}}<form method="post" action="{{.Action}}">
{{if .Method}}<input type="hidden" name="method" value="{{.Method}}">
{{end}}{{if .Next}}<input type="hidden" name="next" value="{{.Next}}">
{{end}}{{if .State}}<input type="hidden" name="state" value="{{.State}}">
{{end}}{{range .Inputs}}<p><label for="f-{{.Name}}">{{.Label}}{{if .Optional}} (optional){{end}}</label>
{{if .Options}}{{$value := .Value}}<select id="f-{{.Name}}" name="{{.Name}}">{{if .Optional}}<option value=""></option>{{end}}{{range .Options}}<option{{if eq . $value}} selected{{end}}>{{.}}</option>{{end}}</select>
{{else}}<input id="f-{{.Name}}" name="{{.Name}}" type="{{if .Secret}}password{{else}}text{{end}}" value="{{.Value}}" placeholder="{{.Placeholder}}" autocomplete="off" autocapitalize="none" spellcheck="false"{{if not .Optional}} required{{end}}{{if .Help}} aria-describedby="h-{{.Name}}"{{end}}>
{{end}}{{if .Help}}<small id="h-{{.Name}}">{{.Help}}</small>{{end}}</p>
{{end}}<p><button type="submit">{{.Submit}}</button></p>
</form>
{{end}}
{{- if .Links}}<ul>
{{range .Links}}<li><a class="button" href="{{.URL}}">{{.Title}}</a>{{if .Help}}<br><small>{{.Help}}</small>{{end}}</li>
{{end}}</ul>
{{end}}
{{- range .Connections}}<section>
<dl>
<dt>Store</dt><dd>{{.Account.Store}} ({{.Account.Platform}})</dd>
<dt>Status</dt><dd>{{with .Account.Status}}{{.}}{{else}}active{{end}}{{with .Account.Reason}}: {{.}}{{end}}</dd>
<dt>Granted scopes</dt><dd>{{range $i, $s := .Scopes}}{{if $i}}, {{end}}{{$s}}{{else}}the platform does not tell{{end}}</dd>
{{if .Missing}}<dt>Not granted</dt><dd>{{range $i, $s := .Missing}}{{if $i}}, {{end}}{{$s}}{{end}}</dd>
{{end}}<dt>Next refresh</dt><dd>{{with moment .NextRefresh}}{{.}}{{else}}never: the key does not expire{{end}}</dd>
</dl>
</section>
{{end}}
{{- if ne .Page "list"}}<p><a href="{{.Home}}">All platforms</a></p>
{{end}}</main>
</body>
</html>
`))

func renderPlain(w io.Writer, view View) error { return plainPage.Execute(w, view) }
