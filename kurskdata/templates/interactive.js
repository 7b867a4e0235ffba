const read=id=>JSON.parse(document.getElementById(id).textContent),host=document.getElementById("view");
const phone=innerWidth<640&&document.getElementById("narrow");
vegaEmbed(host,read(phone?"narrow":"wide"),{ast:true,actions:false,renderer:"svg",mode:"vega-lite"});
